;; fadd d0, d1, d2
;; fadd d2, d3, d0

func f0 (locals 4 i32, 5 v128)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  v128.load offset=0x200
  local.set 7
  i32.const 0
  v128.load offset=0x210
  local.set 4
  i32.const 0
  v128.load offset=0x220
  local.set 5
  i32.const 0
  v128.load offset=0x230
  local.set 8
  block
    block
      local.get 0
      i32.const 3
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 3
      i32.sub
      local.set 0
      block
        block
          local.get 4
          local.get 5
          f64x2.add
          v128.const 0xffffffffffffffff0000000000000000
          v128.and
          local.set 6
          local.get 6
          f64x2.extract_lane 0
          local.get 6
          f64x2.extract_lane 0
          f64.ne
          if
            i32.const 0
            local.get 4
            v128.store offset=0x480
            i32.const 0
            local.get 5
            v128.store offset=0x490
            i32.const 6656
            i32.const 0
            call fpExact
            i32.const 0
            v128.load offset=0x4b0
            local.set 6
          end
          local.get 6
          local.set 7
          local.get 8
          local.get 7
          f64x2.add
          v128.const 0xffffffffffffffff0000000000000000
          v128.and
          local.set 6
          local.get 6
          f64x2.extract_lane 0
          local.get 6
          f64x2.extract_lane 0
          f64.ne
          if
            i32.const 0
            local.get 8
            v128.store offset=0x480
            i32.const 0
            local.get 7
            v128.store offset=0x490
            i32.const 6656
            i32.const 0
            call fpExact
            i32.const 0
            v128.load offset=0x4b0
            local.set 6
          end
          local.get 6
          local.set 5
          i32.const 0
          local.get 7
          v128.store offset=0x200
          i32.const 0
          local.get 5
          v128.store offset=0x220
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923464
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
